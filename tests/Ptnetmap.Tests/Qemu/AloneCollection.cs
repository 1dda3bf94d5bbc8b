namespace Ptnetmap.Tests.Qemu;

/// <summary>Tests that look at the whole process: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneCollection
{
    internal const string Name = "alone";
}
