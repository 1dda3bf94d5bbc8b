namespace Ptnetmap.Cli.Reports;

/// <summary>What a check found.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, slower or not with everything.</summary>
    Warn,

    /// <summary>Nothing works without it.</summary>
    Fail,
}
