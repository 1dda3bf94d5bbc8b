using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Api;

/// <summary>Why a request was not done (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>A URN that names the kind.</summary>
    public required string Type { get; init; }

    /// <summary>The kind in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong here, and what to do instead.</summary>
    public required string Detail { get; init; }

    /// <summary>Each setting that is wrong.</summary>
    public IReadOnlyList<Fault>? Errors { get; init; }
}
