using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Memory;

namespace Ptnetmap.Daemon.Running;

/// <summary>The trust domains by name. A region is made before the lock of changes is taken, for the kernel may
/// take its time over hugepages; it is put in, and taken out, with the lock.</summary>
/// <param name="coming">The names and numbers that changes under way have spoken for.</param>
/// <param name="log">Where to say what happens.</param>
internal sealed class DomainRegistry(Reservations coming, ILogger log)
{
    private readonly NamedList<TrustDomain> _domains = new(domain => domain.Name);

    internal IReadOnlyList<TrustDomain> All => _domains.All;

    /// <summary>The domain of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    internal TrustDomain Find(string name) => _domains.TryFind(name) ?? throw Refusals.NotFound(
        "trust domain", name, All.Where(domain => !domain.GoesWithPort).Select(domain => domain.Name));

    /// <summary>Without the lock: the domain that ports are to lie in, or one of their own.</summary>
    /// <param name="name">The domain; null: one of their own.</param>
    /// <param name="owner">What that one is called.</param>
    /// <param name="ports">How many ports it has to have room for.</param>
    /// <param name="rings">Their ring pairs.</param>
    /// <param name="slots">Their slots a ring.</param>
    /// <exception cref="RefusalException">There is none of that name, or it is another port's own.</exception>
    /// <exception cref="RegionLimitException">A region cannot be as large.</exception>
    internal PreparedDomain PrepareFor(string? name, string owner, int ports, int rings, int slots) => name is not null
        ? new PreparedDomain(Joinable(name))
        : Prepare(new DomainSettings { Name = owner, Ports = ports, Rings = rings, Slots = slots }, goesWithPort: true);

    /// <summary>One that ports can be put into: not the region that another port has for itself, which is of its size
    /// and goes with it.</summary>
    /// <exception cref="RefusalException">There is none of that name, or it is another port's own.</exception>
    internal TrustDomain Joinable(string name)
    {
        TrustDomain domain = Find(name);
        return !domain.GoesWithPort ? domain : throw new RefusalException(
            RefusalKind.Conflict,
            $"'{name}' is no trust domain, but the region that " +
            $"{name} has for itself; make one for all that are to share it " +
            "(ptnet domain add NAME --ports N), and open each in it (--domain NAME)");
    }

    /// <summary>Without the lock: a new domain, with its name and number spoken for.</summary>
    /// <exception cref="RefusalException">The name or the number is taken.</exception>
    /// <exception cref="RegionLimitException">Its region cannot be as large.</exception>
    internal PreparedDomain Prepare(DomainSettings settings, bool goesWithPort)
    {
        IDisposable name = coming.Take($"trust domain {settings.Name}");
        IDisposable? number = null;
        try
        {
            RefuseTaken(settings.Name);
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

    /// <summary>With the lock: puts it in if it is new. One that was there when the change was prepared may have been
    /// removed since.</summary>
    /// <exception cref="RefusalException">It was.</exception>
    internal TrustDomain Publish(PreparedDomain prepared)
    {
        TrustDomain domain = prepared.Domain;
        if (prepared.Take())
        {
            InventoryLog.DomainMade(log, domain.Name, domain.Region.Layout.Id, domain.Region.Layout.Size >> 20,
                domain.Region.Backing);
            _domains.Add(domain);
        }
        else if (!All.Contains(domain))
        {
            throw new RefusalException(RefusalKind.Conflict, $"trust domain {domain.Name} was removed at this moment");
        }

        return domain;
    }

    /// <summary>With the lock: removes a domain that has no ports.</summary>
    /// <exception cref="RefusalException">It is not there, or has ports.</exception>
    internal void Remove(string name, IEnumerable<ServedPort> ports)
    {
        TrustDomain domain = Find(name);
        string[] members = [.. ports.Where(port => port.Domain == domain).Select(port => port.Name)];
        if (members.Length > 0)
        {
            throw new RefusalException(
                RefusalKind.Conflict, "trust domain " +
                    $"{name} has ports ({string.Join(", ", members)}); remove them first");
        }

        Drop(domain);
    }

    /// <summary>With the lock: removes a domain that was made for a port or pipe, when that has gone.</summary>
    internal void DropIfUnused(TrustDomain domain, IEnumerable<ServedPort> ports)
    {
        if (domain.GoesWithPort && All.Contains(domain) && !ports.Any(port => port.Domain == domain))
        {
            Drop(domain);
        }
    }

    internal void Clear() => _domains.Clear();

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
        foreach (int candidate in wanted is { } id ? [id] : FreeIds())
        {
            // Reserved first and looked up then: a change that ends in between has published its own before it gave it
            // back.
            if (coming.TryTake($"region id {candidate}") is not { } reservation)
            {
                continue;
            }

            if (!All.Any(domain => domain.Region.Layout.Id == candidate))
            {
                return ((ushort)candidate, reservation);
            }

            reservation.Dispose();
        }

        throw new RefusalException(
            RefusalKind.Conflict,
            wanted is null
                ? "there are 65535 regions, which is the most"
                : $"region id {wanted} is taken; leave it out for the lowest free one (option --region-id)");
    }

    // As they are now, the lowest first.
    private IEnumerable<int> FreeIds()
    {
        HashSet<int> taken = [.. All.Select(domain => (int)domain.Region.Layout.Id)];
        return Enumerable.Range(1, ushort.MaxValue).Where(id => !taken.Contains(id));
    }

    private void Drop(TrustDomain domain)
    {
        _domains.Remove(domain);
        domain.Region.Dispose();
    }

    private void RefuseTaken(string name)
    {
        if (_domains.TryFind(name) is not null)
        {
            throw new RefusalException(RefusalKind.Conflict,
                $"trust domain {name} is there already; choose another name");
        }
    }
}
