namespace Ptnetmap.Daemon.Configuration;

/// <summary>Reads <c>ptnet.toml</c>. Every mistake is found in one go, with its line and what would be right.</summary>
public static class ConfigReader
{
    private static readonly string[] Tables = ["daemon", "domain", "switch", "port", "pipe", "bridge", "attach"];

    /// <summary>Reads a file. Captures that it names without a whole path are beside it.</summary>
    /// <exception cref="ConfigException">It has mistakes.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DaemonSettings ReadFile(string path)
    {
        if (path.Length == 0)
        {
            throw new ConfigException(
                "configuration '': the name is empty; name a file, or leave the option out (option --config)");
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
        var places = new ConfigPlaces(file);
        var top = new Section("", TomlTree.Read(text, file, problems), problems);
        problems.ThrowIfAny();

        var references = new ReferenceRules(problems);
        DaemonSettings daemon = ReadDaemon(top, places) with
        {
            Places = places,
            Domains = ReadAll(top, "domain", places, SettingTables.Domain, SettingsRules.Check, references.Add),
            Switches = ReadAll(top, "switch", places, SettingTables.Switch, SettingsRules.Check, references.Add),
            Ports = ReadAll(top, "port", places, SettingTables.Port, SettingsRules.Check, references.Add),
            Pipes = ReadAll(top, "pipe", places, SettingTables.Pipe, SettingsRules.Check, references.Add),
            Bridges = ReadAll(top, "bridge", places, SettingTables.Bridge, SettingsRules.Check, references.Add),
            Attachments = ReadAll(top, "attach", places, SettingTables.Attachment, AttachmentRules.Check,
                references.Add),
        };
        top.Finish(Tables);
        references.Check();
        problems.ThrowIfAny();
        return daemon;
    }

    private static DaemonSettings ReadDaemon(Section top, ConfigPlaces places)
    {
        if (Take<ConfigTable>(top, "daemon", "a table") is not { } table)
        {
            return new DaemonSettings();
        }

        DaemonSettings daemon = new Section("daemon", table, top.Door).Read(SettingTables.Daemon, SettingsRules.Check);
        places.Add(daemon.Cpus, table.LineOf("cpus"));
        return daemon;
    }

    private static List<T> ReadAll<T>(
        Section top, string key, ConfigPlaces places, SettingTable<T> table, Func<T, IEnumerable<Fault>> rules,
            Action<Section, T> refer)
        where T : class, new()
    {
        var all = new List<T>();
        foreach (ConfigValue value in Take<List<ConfigValue>>(top, key, $"tables [[{key}]]") ?? [])
        {
            if (value.Data is not ConfigTable inner)
            {
                top.TellUnexpected(value, key, $"tables [[{key}]]");
                continue;
            }

            var section = new Section(key, inner, top.Door);
            T settings = section.Read(table, rules);
            refer(section, settings);
            places.Add(settings, inner.Line);
            all.Add(settings);
        }

        return all;
    }

    private static T? Take<T>(Section top, string key, string expected)
        where T : class
    {
        if (top.Find(key) is not { } found)
        {
            return null;
        }

        if (found.Data is not T)
        {
            top.TellUnexpected(found, key, expected);
        }

        return found.Data as T;
    }
}
