namespace Ptnetmap.Lab.Guests;

/// <summary>A guest ended before its time; the message says which and why.</summary>
public sealed class GuestFailedException(string message, Exception? cause = null) : Exception(message, cause);
