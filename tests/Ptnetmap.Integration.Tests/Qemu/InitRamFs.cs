using System.Text;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>A cpio archive in the form that Linux unpacks as its first file system ("newc"), made in memory.</summary>
internal sealed class InitRamFs
{
    private const uint Folder = 0x41ED; // 040755
    private const uint Program = 0x81ED; // 100755
    private const uint Link = 0xA1FF; // 120777

    private readonly List<byte> _archive = [];
    private uint _inode = 1;

    internal InitRamFs AddFolder(string name) => Add(name, Folder, []);

    internal InitRamFs AddProgram(string name, byte[] content) => Add(name, Program, content);

    internal InitRamFs AddLink(string name, string target) => Add(name, Link, Encoding.ASCII.GetBytes(target));

    internal byte[] Finish()
    {
        Add("TRAILER!!!", 0, []);
        return _archive.ToArray();
    }

    // Magic, then 13 numbers of 8 hexadecimal digits: inode, mode, uid, gid, links, time, size, device (2), special
    // device (2), length of the name, checksum.
    private InitRamFs Add(string name, uint mode, byte[] content)
    {
        uint[] fields = [_inode++, mode, 0, 0, 1, 0, (uint)content.Length, 0, 0, 0, 0, (uint)name.Length + 1, 0];
        _archive.AddRange(Encoding.ASCII.GetBytes("070701" + string.Concat(fields.Select(field => field.ToString("x8"))) + name + "\0"));
        Pad();
        _archive.AddRange(content);
        Pad();
        return this;
    }

    private void Pad()
    {
        while (_archive.Count % 4 != 0)
        {
            _archive.Add(0);
        }
    }
}
