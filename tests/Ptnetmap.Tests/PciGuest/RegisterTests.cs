using System.Buffers.Binary;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.Tests.PciGuest;

public sealed class RegisterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-registers-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("0x40101")]
    [InlineData("0x40200")]
    public void Registers_of_either_kind_of_bar_are_32_bits_at_their_offsets(string flags)
    {
        byte[] content = new byte[4096];
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(24), 0x1234_5678);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "resource0"), content);
        using (RegisterFile registers = Open(flags))
        {
            Assert.Equal(0x1234_5678u, registers.Read(24));
            registers.Write(28, 0xCAFE_F00D);
            Assert.Equal(0xCAFE_F00Du, registers.Read(28));
        }

        byte[] after = File.ReadAllBytes(Path.Combine(_folder.FullName, "resource0"));
        Assert.Equal(0xCAFE_F00Du, BinaryPrimitives.ReadUInt32LittleEndian(after.AsSpan(28)));
        Assert.Equal(0, after[32]);
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(2)]
    [InlineData(4096)]
    public void No_register_of_a_memory_bar_lies_outside_or_between(int offset)
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "resource0"), new byte[4096]);
        using RegisterFile registers = Open("0x40200");
        Assert.Throws<ArgumentOutOfRangeException>(() => registers.Read(offset));
        Assert.Throws<ArgumentOutOfRangeException>(() => registers.Write(offset, 1));
    }

    [Fact]
    public void A_device_without_bar_0_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "resource"), "0x0 0x0 0x0\n");
        Assert.Contains(
            "no BAR 0", Assert.Throws<Ptnetmap.Linux.LinuxException>(() =>
                RegisterFile.Open(new PciFunction(_folder.FullName))).Message,
            StringComparison.Ordinal);
    }

    private RegisterFile Open(string flags)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "resource"),
            $"0x000000000000c000 0x000000000000c1ff {flags}\n");
        return RegisterFile.Open(new PciFunction(_folder.FullName));
    }
}
