namespace Ptnetmap.Daemon.Configuration;

/// <summary>A value of settings that were read, and where it stands.</summary>
/// <param name="Line">Its line, from 1; 0 where there are none.</param>
/// <param name="Data">A long, bool, string, a list of values, a <see cref="ConfigTable"/>, null, or something else,
/// which is no setting's.</param>
internal sealed record ConfigValue(int Line, object? Data);
