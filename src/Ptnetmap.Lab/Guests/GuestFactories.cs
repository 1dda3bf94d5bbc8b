namespace Ptnetmap.Lab.Guests;

/// <summary>The factory of each kind.</summary>
public static class GuestFactories
{
    /// <summary>The factory of <paramref name="kind"/>.</summary>
    /// <param name="kind">What guests are.</param>
    /// <param name="spin">How often guests look before they sleep; null leaves it to the guest.</param>
    public static IGuestFactory Of(GuestKind kind, int? spin) => kind switch
    {
        GuestKind.Vm => new VmGuestFactory(spin),
        _ => new ThreadGuestFactory(spin),
    };
}
