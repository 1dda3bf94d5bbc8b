using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Tests.Linux;

/// <summary>Sizes and offsets of structures that the kernel reads, against those of its headers on x86-64.</summary>
public class KernelLayoutTests
{
    [Fact]
    public void Structures_of_linux_if_xdp_h()
    {
        Assert.Equal(16, Unsafe.SizeOf<XdpDescriptor>());
        Assert.Equal(16, Unsafe.SizeOf<XdpNative.SocketAddress>());
        Assert.Equal(32, Unsafe.SizeOf<XdpNative.UmemRegistration>());
        Assert.Equal(128, Unsafe.SizeOf<XdpNative.MmapOffsets>());
        Assert.Equal(48, Unsafe.SizeOf<XdpStatistics>());
        var socketAddress = default(XdpNative.SocketAddress);
        Assert.Equal(12, Offset(ref socketAddress, ref socketAddress.SharedUmemDescriptor));
        var umemRegistration = default(XdpNative.UmemRegistration);
        Assert.Equal(24, Offset(ref umemRegistration, ref umemRegistration.Flags));
        var mmapOffsets = default(XdpNative.MmapOffsets);
        Assert.Equal(64, Offset(ref mmapOffsets, ref mmapOffsets.Fill));
        var ringOffsets = default(XdpNative.RingOffsets);
        Assert.Equal(16, Offset(ref ringOffsets, ref ringOffsets.Descriptors));
    }

    [Fact]
    public void Statistics_are_in_the_kernel_s_order()
    {
        XdpStatistics statistics = MemoryMarshal.Read<XdpStatistics>(MemoryMarshal.AsBytes<ulong>([1, 2, 3, 4, 5, 6]));
        Assert.Equal(new XdpStatistics(
            ReceiveDropped: 1, ReceiveInvalid: 2, TransmitInvalid: 3, ReceiveRingFull: 4, FillRingEmpty: 5,
            TransmitRingEmpty: 6), statistics);
    }

    [Fact]
    public void A_descriptor_is_an_address_a_length_and_options()
    {
        XdpDescriptor descriptor =
            MemoryMarshal.Read<XdpDescriptor>(Convert.FromHexString("0807060504030201" + "3c000000" + "01000000"));
        Assert.Equal(new XdpDescriptor(0x0102_0304_0506_0708, 60, 1), descriptor);
    }

    [Fact]
    public void Structures_of_linux_bpf_h()
    {
        Assert.Equal(8, Unsafe.SizeOf<BpfInstruction>());
        var mapCreate = default(BpfNative.MapCreate);
        Assert.Equal(28, Offset(ref mapCreate, ref mapCreate.Name));
        var mapElement = default(BpfNative.MapElement);
        Assert.Equal(24, Offset(ref mapElement, ref mapElement.Flags));
        var programLoad = default(BpfNative.ProgramLoad);
        Assert.Equal(48, Offset(ref programLoad, ref programLoad.Name));
        Assert.Equal(68, Offset(ref programLoad, ref programLoad.ExpectedAttachType));
        var testRun = default(BpfNative.TestRun);
        Assert.Equal(64, Offset(ref testRun, ref testRun.Flags));
        var programInfo = default(BpfNative.ProgramInfo);
        Assert.Equal(64, Offset(ref programInfo, ref programInfo.Name));
        var linkCreate = default(BpfNative.LinkCreate);
        Assert.Equal(12, Offset(ref linkCreate, ref linkCreate.Flags));
    }

    private static int Offset<T, TField>(ref T value, ref TField field) =>
        (int)Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref value), ref Unsafe.As<TField, byte>(ref field));
}
