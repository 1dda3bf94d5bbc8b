namespace Ptnetmap.Cli.CommandLine;

/// <summary>Options that are each right and do not go together; the message names them.</summary>
internal sealed class UsageException(string message) : Exception(message);
