namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>Tests with virtual machines run one after the other: each has the machine's processors busy.</summary>
[CollectionDefinition(Name)]
public static class VirtualMachines
{
    internal const string Name = "virtual machines";
}
