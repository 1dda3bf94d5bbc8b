// The other process of a test: it maps what it is told to and does one thing to it. It ends with 0 when all was as
// expected, and says on standard error what was not.
//   Ptnetmap.Peer region PATH-OF-MEMFD DESCRIPTOR INTERFACE-OFFSET
//   Ptnetmap.Peer guest PATH-OF-MEMFD DESCRIPTOR INTERFACE-OFFSET PATH-OF-CSB send|receive PACKETS
//   Ptnetmap.Peer scribble SECONDS SEED        in a virtual machine, as root: over all ports and regions that it has
//   Ptnetmap.Peer drop PATH-OF-NAMESPACE INTERFACE          drops all that is received, until it is killed
using System.Globalization;
using System.Text;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Peer;

return args switch
{
    ["region", var path, var descriptor, var offset] => MapRegion(path, descriptor, offset),
    ["guest", var region, var descriptor, var offset, var csb, var program, var packets] =>
        ProcessGuest.Run(region, descriptor, offset, csb, program, packets),
    ["scribble", var seconds, var seed] => Scribble(seconds, seed),
    ["drop", var space, var name] => DropAll(space, name),
    _ => Fail("bad arguments"),
};

static int Scribble(string seconds, string seed)
{
    using var scribbler = new Scribbler(int.Parse(seed, CultureInfo.InvariantCulture));
    scribbler.Run(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
    Console.WriteLine(scribbler.Report);
    return 0;
}

static int DropAll(string path, string name)
{
    using var space = NetworkNamespace.OpenNamed(path);
    var code = new BpfAssembler();
    code.Move(BpfRegister.R0, (int)XdpAction.Drop);
    code.Exit();
    using var program = BpfProgram.LoadXdp("peer_drop", code.Assemble());
    using BpfLink link = space.Run(() =>
    {
        using var links = new Links();
        return BpfLink.AttachXdp(program, links.TryGet(name)!.Index, XdpAttachMode.Driver);
    });
    Console.Out.WriteLine("attached");
    _ = Console.In.ReadToEnd();
    return 0;
}

static int MapRegion(string path, string descriptor, string interfaceOffset)
{
    using FileStream opened = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    using var memory = new FileDescriptor((int)opened.SafeFileHandle.DangerousGetHandle(), owns: false);
    using MemoryRegion region = MemoryRegion.Map("peer", memory, RegionDescriptor.Read(descriptor));
    long at = long.Parse(interfaceOffset);
    InterfaceView view = region.InterfaceAt(at);
    if (view.Name != "shared" || view.Header.Version != NetmapAbi.Version)
    {
        return Fail($"the netmap_if is '{view.Name}', version {view.Header.Version}");
    }

    // NETMAP_RXRING(nifp, 0) and NETMAP_TXRING(nifp, 0).
    int firstRx = (int)(view.Header.TxRings + view.Header.HostTxRings);
    RingView tx = region.RingAt(at + view.GetRingOffset(0), 64);
    RingView rx = region.RingAt(at + view.GetRingOffset(firstRx), 64);
    SlotWord received = rx.Slots[0].Word;
    string text = Encoding.ASCII.GetString(region.Buffers[received.BufferIndex][..received.Length]);
    if (text != "from the parent")
    {
        return Fail($"the parent's buffer holds '{text}'");
    }

    tx.Slots[0].Length = (ushort)Encoding.ASCII.GetBytes("from the peer", region.Buffers[tx.Slots[0].BufferIndex]);
    try
    {
        opened.SetLength(0);
        return Fail("the region let itself be shrunk");
    }
    catch (UnauthorizedAccessException)
    {
        return 0;
    }
}

static int Fail(string what)
{
    Console.Error.WriteLine(what);
    return 1;
}
