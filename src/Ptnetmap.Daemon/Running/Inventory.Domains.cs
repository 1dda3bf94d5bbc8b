using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Memory;

namespace Ptnetmap.Daemon.Running;

/// <content>Trust domains. A region is made before the lock is taken: to fill a large one with pages takes seconds.</content>
public sealed partial class Inventory
{
    /// <summary>Makes a trust domain.</summary>
    /// <exception cref="RefusalException">The name or the id is taken, or a setting wrong.</exception>
    /// <exception cref="RegionLimitException">Its region cannot be as large.</exception>
    public TrustDomain AddDomain(DomainSettings settings)
    {
        Require(SettingsRules.Check(settings));
        using PreparedDomain prepared = MakeDomain(settings, goesWithPort: false);
        using ChangeLock.Scope change = _changes.Enter($"adding trust domain {settings.Name}");
        return Publish(prepared);
    }

    /// <summary>Removes a trust domain that has no ports.</summary>
    /// <exception cref="RefusalException">It is not there, or has ports.</exception>
    public void RemoveDomain(string name)
    {
        using ChangeLock.Scope change = _changes.Enter($"removing trust domain {name}");
        TrustDomain domain = FindDomain(name);
        string[] members = [.. _ports.Where(port => port.Domain == domain).Select(port => port.Name)];
        if (members.Length > 0)
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"trust domain {name} has ports ({string.Join(", ", members)}); remove them first");
        }

        DropDomain(domain);
    }

    // Without the lock: the domain that a port is to lie in, or one of its own.
    private PreparedDomain DomainFor(string? name, string owner, int ports, int rings, int slots) => name is not null
        ? new PreparedDomain(DomainToJoin(name))
        : MakeDomain(new DomainSettings { Name = owner, Ports = ports, Rings = rings, Slots = slots }, goesWithPort: true);

    // One that ports can be put into: not the region that another port has for itself, which is of its size and goes with it.
    private TrustDomain DomainToJoin(string name)
    {
        TrustDomain domain = FindDomain(name);
        return !domain.GoesWithPort ? domain : throw new RefusalException(
            RefusalKind.Conflict,
            $"'{name}' is no trust domain, but the region that {name} has for itself; make one for all that are to share it " +
            "(ptnet domain add NAME --ports N), and open each in it (--domain NAME)");
    }

    private RefusalException NoDomain(string name) =>
        NotFound("trust domain", name, _domains.Where(domain => !domain.GoesWithPort).Select(domain => domain.Name));

    private PreparedDomain MakeDomain(DomainSettings settings, bool goesWithPort)
    {
        IDisposable name = _coming.Take($"trust domain {settings.Name}");
        IDisposable? number = null;
        try
        {
            RefuseTakenDomain(settings.Name);
            (ushort id, number) = RegionId(settings.RegionId);
            var made = new TrustDomain(settings.Name, MemoryRegion.Create(RequestOf(settings, id)), goesWithPort);
            return new PreparedDomain(made, [number, name]);
        }
        catch
        {
            number?.Dispose();
            name.Dispose();
            throw;
        }
    }

    private static RegionRequest RequestOf(DomainSettings settings, ushort id)
    {
        var usual = new RegionRequest();
        return new RegionRequest
        {
            Name = settings.Name,
            Id = id,
            Ports = settings.Ports ?? usual.Ports,
            RingPairs = settings.Rings ?? usual.RingPairs,
            Slots = settings.Slots ?? usual.Slots,
            ExtraBuffers = settings.ExtraBuffers,
            BufferSize = settings.BufferSize ?? RegionRequest.DefaultBufferSize,
            HugePages = Enum.Parse<HugePagePolicy>(settings.HugePages, ignoreCase: true),
        };
    }

    private (ushort Id, IDisposable Reservation) RegionId(int? wanted)
    {
        IEnumerable<int> candidates = wanted is { } id ? [id] : Enumerable.Range(1, ushort.MaxValue);
        foreach (int candidate in candidates)
        {
            // Reserved first and looked up then: a change that ends in between has published its own before it gave it back.
            if (_coming.TryTake($"region id {candidate}") is not { } reservation)
            {
                continue;
            }

            if (!Array.Exists(_domains, domain => domain.Region.Layout.Id == candidate))
            {
                return ((ushort)candidate, reservation);
            }

            reservation.Dispose();
        }

        throw new RefusalException(
            RefusalKind.Conflict,
            wanted is null ? "there are 65535 regions, which is the most" : $"region id {wanted} is taken; leave it out for the lowest free one (option --region-id)");
    }

    // With the lock. A domain that was there when the change was prepared may have been removed since.
    private TrustDomain Publish(PreparedDomain prepared)
    {
        TrustDomain domain = prepared.Domain;
        if (prepared.Take())
        {
            InventoryLog.DomainMade(_log, domain.Name, domain.Region.Layout.Id, domain.Region.Layout.Size >> 20, domain.Region.Backing);
            _domains = [.. _domains, domain];
        }
        else if (!_domains.Contains(domain))
        {
            throw new RefusalException(RefusalKind.Conflict, $"trust domain {domain.Name} was removed at this moment");
        }

        return domain;
    }

    private void DropIfUnused(TrustDomain domain)
    {
        if (domain.GoesWithPort && _domains.Contains(domain) && !Array.Exists(_ports, port => port.Domain == domain))
        {
            DropDomain(domain);
        }
    }

    private void DropDomain(TrustDomain domain)
    {
        _domains = [.. _domains.Where(other => other != domain)];
        domain.Region.Dispose();
    }

    private void RefuseTakenDomain(string name)
    {
        if (Array.Exists(_domains, domain => Same(domain.Name, name)))
        {
            throw new RefusalException(RefusalKind.Conflict, $"trust domain {name} is there already; choose another name");
        }
    }
}
