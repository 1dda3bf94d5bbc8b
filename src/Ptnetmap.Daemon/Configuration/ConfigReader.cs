namespace Ptnetmap.Daemon.Configuration;

/// <summary>Reads <c>ptnet.toml</c>. Every mistake is found in one go, with its line and what would be right.</summary>
public static class ConfigReader
{
    /// <summary>Reads a file. Captures that it names without a whole path are beside it.</summary>
    /// <exception cref="ConfigException">It has mistakes.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DaemonSettings ReadFile(string path)
    {
        if (path.Length == 0)
        {
            throw new ConfigException("configuration '': the name is empty; name a file, or leave the option out (option --config)");
        }

        string whole = Path.GetFullPath(path);
        DaemonSettings read = Read(ConfigFile.Read(path), path);
        DaemonSettings settings = CapturePaths.Whole(read, Path.GetDirectoryName(whole) ?? "/") with { File = whole };
        settings.Places.Follow(read.Ports, settings.Ports);
        settings.Places.Follow(read.Bridges, settings.Bridges);
        settings.Places.Follow(read.Attachments, settings.Attachments);
        return settings;
    }

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="ConfigException">It has mistakes.</exception>
    public static DaemonSettings Read(string text, string file)
    {
        var problems = new ProblemList(file);
        var places = new ConfigPlaces();
        ConfigTable root = TomlTree.Read(text, file, problems);
        problems.ThrowIfAny();

        var top = new Section("", root, problems);
        var references = new ReferenceRules(problems);
        DaemonSettings daemon = ReadDaemon(top.Inner("daemon"), problems, places) with
        {
            Places = places,
            Domains = ReadAll(top, "domain", problems, places, ReadDomain, SettingsRules.Check, references.Add),
            Switches = ReadAll(top, "switch", problems, places, ReadSwitch, SettingsRules.Check, references.Add),
            Ports = ReadAll(top, "port", problems, places, ReadPort, SettingsRules.Check, references.Add),
            Pipes = ReadAll(top, "pipe", problems, places, ReadPipe, SettingsRules.Check, references.Add),
            Bridges = ReadAll(top, "bridge", problems, places, ReadBridge, SettingsRules.Check, references.Add),
            Attachments = ReadAll(top, "attach", problems, places, ReadAttachment, AttachmentRules.Check, references.Add),
        };
        top.Finish();
        references.Check();
        problems.ThrowIfAny();
        return daemon;
    }

    private static List<T> ReadAll<T>(
        Section top, string key, ProblemList problems, ConfigPlaces places, Func<Section, T> read, Func<T, IEnumerable<Fault>> check,
        Action<Section, T> refer)
        where T : notnull
    {
        var all = new List<T>();
        foreach (Section section in top.All(key))
        {
            T settings = read(section);
            section.Finish();
            section.Add(check(settings));
            refer(section, settings);
            places.Add(settings, problems.File, section.Table.Line);
            all.Add(settings);
        }

        return all;
    }

    private static DaemonSettings ReadDaemon(Section? section, ProblemList problems, ConfigPlaces places)
    {
        var usual = new DaemonSettings();
        if (section is null)
        {
            return usual;
        }

        var daemon = new DaemonSettings
        {
            Workers = section.Whole("workers") ?? usual.Workers,
            Cpus = section.Wholes("cpus"),
            Policy = section.Text("policy", usual.Policy),
            Log = section.Text("log", usual.Log),
            LogLevel = section.Text("log_level", usual.LogLevel),
        };
        places.Add(daemon.Cpus, problems.File, section.Table.LineOf("cpus"));
        section.Finish();
        section.Add(SettingsRules.Check(daemon));
        return daemon;
    }

    private static DomainSettings ReadDomain(Section section)
    {
        var usual = new DomainSettings();
        return new DomainSettings
        {
            Name = section.Name(),
            Ports = section.Whole("ports"),
            Rings = section.Whole("rings"),
            Slots = section.Whole("slots"),
            ExtraBuffers = section.Whole("extra_buffers") ?? usual.ExtraBuffers,
            BufferSize = section.Whole("buffer_size"),
            RegionId = section.Whole("region_id"),
            HugePages = section.Text("huge_pages", usual.HugePages),
        };
    }

    private static SwitchSettings ReadSwitch(Section section)
    {
        var usual = new SwitchSettings();
        return new SwitchSettings
        {
            Name = section.Name(),
            AgeingSeconds = section.Whole("ageing_seconds") ?? usual.AgeingSeconds,
            FloodLimit = section.Whole("flood_limit") ?? usual.FloodLimit,
            UplinkFloodLimit = section.Whole("uplink_flood_limit") ?? usual.UplinkFloodLimit,
            AddressesPerPort = section.Whole("addresses_per_port") ?? usual.AddressesPerPort,
        };
    }

    private static PortSettings ReadPort(Section section)
    {
        var usual = new PortSettings();
        EndSettings end = ReadEnd(section);
        return new PortSettings
        {
            Name = section.Name(),
            Domain = section.Text("domain"),
            Rings = section.Whole("rings") ?? usual.Rings,
            Slots = section.Whole("slots") ?? usual.Slots,
            Offloads = section.Truth("offloads") ?? usual.Offloads,
            Policy = section.Text("policy"),
            Host = ReadHost(section.Inner("host")),
            Mac = end.Mac,
            Bar = end.Bar,
            AllowUnsealedMemory = end.AllowUnsealedMemory,
            Transport = end.Transport,
            Guest = end.Guest,
        };
    }

    private static PipeSettings ReadPipe(Section section)
    {
        var usual = new PipeSettings();
        return new PipeSettings
        {
            Name = section.Name(),
            Domain = section.Text("domain"),
            Rings = section.Whole("rings") ?? usual.Rings,
            Slots = section.Whole("slots") ?? usual.Slots,
            Policy = section.Text("policy"),
            Master = ReadInnerEnd(section.Inner("master")),
            Slave = ReadInnerEnd(section.Inner("slave")),
        };
    }

    private static BridgeSettings ReadBridge(Section section)
    {
        var usual = new BridgeSettings();
        return new BridgeSettings
        {
            Left = section.Name("left"),
            Right = section.Name("right"),
            MakeRight = section.Truth("make_right") ?? usual.MakeRight,
            Domain = section.Text("domain"),
            Rings = section.Whole("rings") ?? usual.Rings,
            Slots = section.Whole("slots") ?? usual.Slots,
            Policy = section.Text("policy"),
            Host = ReadHost(section.Inner("host")),
        };
    }

    private static AttachmentSettings ReadAttachment(Section section)
    {
        var usual = new AttachmentSettings();
        return new AttachmentSettings
        {
            Switch = section.Name("switch"),
            Port = section.Name("port"),
            As = section.Text("as"),
            Stack = section.Truth("stack") ?? usual.Stack,
            Domain = section.Text("domain"),
            Rings = section.Whole("rings") ?? usual.Rings,
            Slots = section.Whole("slots") ?? usual.Slots,
            Policy = section.Text("policy"),
            Host = ReadHost(section.Inner("host")),
        };
    }

    private static HostSettings? ReadHost(Section? section)
    {
        if (section is null)
        {
            return null;
        }

        var usual = new HostSettings();
        var host = new HostSettings
        {
            Netns = section.Text("netns"),
            Interface = section.Text("interface"),
            Mtu = section.Whole("mtu"),
            Mac = section.Text("mac"),
            Persistent = section.Truth("persistent") ?? usual.Persistent,
            Mode = section.Text("mode", usual.Mode),
            Filter = section.Text("filter"),
            BusyPoll = section.Whole("busy_poll") ?? usual.BusyPoll,
            Checksums = section.Text("checksums", usual.Checksums),
            Promiscuous = section.Truth("promiscuous") ?? usual.Promiscuous,
            RecordedTimes = section.Truth("recorded_times") ?? usual.RecordedTimes,
            Loops = section.Long("loops") ?? usual.Loops,
        };
        section.Finish();
        return host;
    }

    private static EndSettings ReadInnerEnd(Section? section)
    {
        if (section is null)
        {
            return new EndSettings();
        }

        EndSettings end = ReadEnd(section);
        section.Finish();
        return end;
    }

    private static EndSettings ReadEnd(Section section) => new()
    {
        Mac = section.Text("mac"),
        Bar = section.Text("bar", new EndSettings().Bar),
        AllowUnsealedMemory = section.Truth("allow_unsealed_memory") ?? false,
        Transport = section.Text("transport"),
        Guest = ReadGuest(section.Inner("guest")),
    };

    private static GuestSettings? ReadGuest(Section? section)
    {
        if (section is null)
        {
            return null;
        }

        var usual = new GuestSettings();
        var guest = new GuestSettings
        {
            Program = section.Text("program", usual.Program),
            Packets = section.Long("packets") ?? usual.Packets,
            Rate = section.Long("rate") ?? usual.Rate,
            Frame = section.Whole("frame") ?? usual.Frame,
            To = section.Text("to"),
            Verify = section.Truth("verify") ?? usual.Verify,
        };
        section.Finish();
        return guest;
    }
}
