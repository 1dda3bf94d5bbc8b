namespace Ptnetmap.Cli.Guests;

/// <summary>The factory of each kind.</summary>
internal static class GuestFactories
{
    /// <summary>The factory of <paramref name="kind"/>.</summary>
    internal static IGuestFactory Of(GuestKind kind) => kind switch
    {
        GuestKind.Vm => new VmGuestFactory(),
        _ => new ThreadGuestFactory(),
    };
}
