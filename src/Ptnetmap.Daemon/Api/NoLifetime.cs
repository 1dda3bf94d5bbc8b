using Microsoft.Extensions.Hosting;

namespace Ptnetmap.Daemon.Api;

/// <summary>The web server lives as long as the daemon says and catches no signals of its own.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
