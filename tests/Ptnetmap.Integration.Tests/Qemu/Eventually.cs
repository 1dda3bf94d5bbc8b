namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Waits for what has to come, for minutes at most.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    internal static async Task TrueAsync(Func<bool> condition, Func<string> what) =>
        Assert.True(await WithinAsync(condition, Patience), what());

    /// <summary>False when it does not come in that time.</summary>
    internal static Task<bool> WithinAsync(Func<bool> condition, TimeSpan time) =>
        Task.Run(() => SpinWait.SpinUntil(condition, time), TestContext.Current.CancellationToken);
}
