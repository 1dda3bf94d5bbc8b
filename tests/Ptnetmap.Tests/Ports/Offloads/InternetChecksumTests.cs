using CsCheck;
using Ptnetmap.Ports.Offloads;

namespace Ptnetmap.Tests.Ports.Offloads;

public class InternetChecksumTests
{
    [Fact]
    public void It_is_the_sum_of_16_bit_words_by_hand() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            Span<byte> field = stackalloc byte[2];
            InternetChecksum.Store(field, InternetChecksum.Finish(InternetChecksum.Add(0, bytes)));
            return (field[0] << 8 | field[1]) == TestPackets.Checksum(bytes);
        });

    [Fact]
    public void Pieces_of_even_length_add_up() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Byte.Array[0, 100], (Gen<ushort>)Gen.UShort)
            .Sample((first, second, number) =>
            {
                first = first.Length % 2 == 0 ? first : first[1..];
                ulong pieces =
                    InternetChecksum.Add(InternetChecksum.Add(InternetChecksum.Add(0, first), number), second);
                byte[] whole = [.. first, (byte)(number >> 8), (byte)number, .. second];
                return InternetChecksum.Finish(pieces) == InternetChecksum.Finish(InternetChecksum.Add(0, whole));
            });

    [Fact]
    public void A_header_is_read_as_it_was_written() =>
        Gen.Byte.Array[12].Sample(bytes =>
        {
            bytes[10] = bytes[11] = 0;
            var copy = new byte[12];
            VnetHeader.Read(bytes).Write(copy);
            Assert.Equal(bytes, copy);
        });
}
