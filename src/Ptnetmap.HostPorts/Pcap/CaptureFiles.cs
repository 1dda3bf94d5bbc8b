using Ptnetmap.Linux;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>The files of a pcap port, open. What is in the output is there still: it goes when the port is kept.
/// Disposing of it closes what no port took over.</summary>
public sealed class CaptureFiles : IDisposable
{
    private const int BufferSize = 1 << 18;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private CaptureReader? _reader;
    private IDisposable? _readerClaim;
    private RegularFile? _output;
    private IDisposable? _outputClaim;

    private CaptureFiles()
    {
    }

    /// <summary>Opens the files that <paramref name="options"/> name, and looks for the input's first frame. Waits for
    /// no FIFO's other end, and for no file system longer than ten seconds.</summary>
    /// <exception cref="PcapException">A file is not there, not regular, in use, or no capture with frames for a port;
    /// or its file system does not answer.</exception>
    /// <exception cref="LinuxException">The machine has no descriptor or no space left.</exception>
    public static CaptureFiles Open(PcapPortOptions options, CaptureClaims claims) => Patient.Run(
        () => OpenNow(options, claims), Patience,
        () => new PcapException(
            $"{options.Input ?? PcapPortOptions.NoFile}, {options.Output ?? PcapPortOptions.NoFile}: not open after " +
            $"{Patience.TotalSeconds} s; the file system that they are on does not answer"));

    /// <summary>The input and its claim, for the port to take over, once.</summary>
    internal (CaptureReader Reader, IDisposable Claim) TakeInput()
    {
        (CaptureReader, IDisposable) taken = (_reader!, _readerClaim!);
        (_reader, _readerClaim) = (null, null);
        return taken;
    }

    /// <summary>The output, for the port to take over, once.</summary>
    internal ICaptureOutput TakeOutput()
    {
        var taken = new CaptureOutput(_output!, _outputClaim!);
        (_output, _outputClaim) = (null, null);
        return taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _readerClaim?.Dispose();
        _output?.RemoveUnused();
        _output?.Dispose();
        _outputClaim?.Dispose();
    }

    private static CaptureFiles OpenNow(PcapPortOptions options, CaptureClaims claims)
    {
        var files = new CaptureFiles();
        try
        {
            files.OpenInput(options.Input, claims);
            files.OpenOutput(options.Output, claims);
            return files;
        }
        catch (LinuxException refused) when (IsUsers(refused.Errno))
        {
            files.Dispose();
            throw new PcapException(refused.Message, refused);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    // What the name is to blame for, and not the machine: all but no memory (12), no descriptors (23, 24), an I/O error
    // (5) and no space (28, 122).
    private static bool IsUsers(int errno) => errno is not (5 or 12 or 23 or 24 or 28 or 122);

    private void OpenInput(string? path, CaptureClaims claims)
    {
        if (path is null)
        {
            return;
        }

        var file = RegularFile.OpenToRead(path);
        try
        {
            _readerClaim = claims.Reading(file);
            _reader = CaptureReader.Open(path, file.ToStream(BufferSize));
        }
        catch
        {
            file.Dispose();
            throw;
        }

        _reader.RefuseUseless();
    }

    private void OpenOutput(string? path, CaptureClaims claims)
    {
        if (path is not null)
        {
            _output = RegularFile.OpenToWrite(path);
            _outputClaim = claims.Writing(_output);
        }
    }
}
