namespace Ptnetmap.Cli.CommandLine;

/// <summary>What was asked for is wrong in itself: options that do not go together, names and values that cannot be;
/// the message names them.</summary>
internal sealed class UsageException(string message) : Exception(message);
