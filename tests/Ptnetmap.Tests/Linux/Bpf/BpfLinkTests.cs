using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;

namespace Ptnetmap.Tests.Linux.Bpf;

public class BpfLinkTests
{
    [Theory]
    [InlineData(XdpAttachMode.Driver, 1)]
    [InlineData(XdpAttachMode.Generic, 2)]
    public void A_program_is_attached_as_long_as_its_link_lives_and_refuses_others(XdpAttachMode mode, int shown)
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using BpfProgram program = PassAll("test_first");
        using BpfProgram second = PassAll("test_second");
        using BpfLink link = pair.LeftSpace.Run(() => BpfLink.AttachXdp(program, pair.Left, mode));

        // As a child process has it for a moment after its fork.
        using FileDescriptor copy = link.Descriptor.Duplicate();
        using (link)
        {
            Assert.Equal(shown, pair.LeftLinks.TryGet("left")!.XdpAttached);
            BpfProgramInfo? info = BpfProgramInfo.TryRead(pair.LeftLinks.TryGet("left")!.XdpProgramId);
            Assert.Equal("test_first", info?.Name);
            Assert.Equal(16, info?.Tag.Length);
            LinuxException refusal = Assert.Throws<LinuxException>(
                () => pair.LeftSpace.Run(() => BpfLink.AttachXdp(second, pair.Left, mode)));
            Assert.Contains("attached to the interface already", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal((0u, 0),
            (pair.LeftLinks.TryGet("left")!.XdpProgramId, pair.LeftLinks.TryGet("left")!.XdpAttached));
    }

    [Fact]
    public void An_interface_that_is_not_there_is_refused()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using BpfProgram program = PassAll("test_pass");
        LinuxException refusal = Assert.Throws<LinuxException>(
            () => pair.LeftSpace.Run(() => BpfLink.AttachXdp(program, 99, XdpAttachMode.Driver)));
        Assert.Contains("no such interface", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_no_program_is_told() => Assert.Null(NoProgram());

    private static BpfProgramInfo? NoProgram()
    {
        Needs.Xdp();
        return BpfProgramInfo.TryRead(uint.MaxValue - 1);
    }

    private static BpfProgram PassAll(string name)
    {
        var assembler = new BpfAssembler();
        assembler.Move(BpfRegister.R0, (int)XdpAction.Pass);
        assembler.Exit();
        return BpfProgram.LoadXdp(name, assembler.Assemble());
    }
}
