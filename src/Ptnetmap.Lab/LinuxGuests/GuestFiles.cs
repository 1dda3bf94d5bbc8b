using Ptnetmap.Lab.Machine;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>What a Linux guest is booted from: what somebody names, else what the scripts of the sources have left in
/// the cache. Where the sources are at hand and something is missing, their scripts are run.</summary>
/// <param name="Qemu">A QEMU with vfio-user.</param>
/// <param name="Kernel">The kernel's file.</param>
/// <param name="Initrd">The initramfs's file.</param>
public sealed record GuestFiles(string Qemu, string Kernel, string Initrd)
{
    private const string FetchQemu = "eng/fetch-qemu";
    private const string FetchKernel = "eng/fetch-kernel";
    private const string MakeInitramfs = "eng/make-initramfs";

    /// <summary>Finds, fetches and makes them.</summary>
    /// <param name="settings">What is named.</param>
    /// <param name="scratch">A folder that goes with the demonstration.</param>
    /// <param name="output">Where to say what takes a while.</param>
    /// <param name="cancellation">Ends a script that is at work.</param>
    /// <exception cref="IOException">Something cannot be had; the message names the command that gets it.</exception>
    public static async Task<GuestFiles> GatherAsync(
        LinuxGuestSettings settings, string scratch, TextWriter output, CancellationToken cancellation)
    {
        SourceTree? sources = SourceTree.Find();
        string qemu = await QemuAsync(settings.Qemu);
        string kernel = settings.Kernel ?? await KernelAsync();
        string initrd = settings.Initrd ?? await InitrdAsync();
        return new GuestFiles(qemu, kernel, initrd);

        async Task<string> QemuAsync(string? named)
        {
            try
            {
                return QemuFinder.Find(named);
            }
            catch (FileNotFoundException) when (named is null && sources is not null)
            {
                await RunAsync("No QEMU with vfio-user here: fetching one into the cache, without root", FetchQemu);
                return QemuFinder.Find(named);
            }
        }

        async Task<string> KernelAsync()
        {
            if (!File.Exists(QemuCache.Kernel))
            {
                Need("kernel", "--kernel", FetchKernel);
                await RunAsync("No kernel for the guests here: fetching one into the cache", FetchKernel);
            }

            return QemuCache.Kernel;
        }

        // The guests run the very program that their host runs, where that one needs nothing of .NET's.
        async Task<string> InitrdAsync()
        {
            Need("initramfs", "--initrd", $"{MakeInitramfs} OUTPUT");
            string made = Path.Combine(scratch, "initramfs");
            bool native = string.Equals(MachineInfo.Build, "native", StringComparison.Ordinal);
            await RunAsync(
                native ? "Making the guests' initramfs" : "Making the guests' initramfs, with a native ptnet in it",
                MakeInitramfs, made, native ? Environment.ProcessPath! : "");
            return made;
        }

        void Need(string what, string option, string script)
        {
            if (sources is null)
            {
                throw new FileNotFoundException(
                    $"no {what} for the guests here; name one with {option}; in the sources, {script} gets one");
            }
        }

        async Task RunAsync(string what, params string[] command)
        {
            output.WriteLine($"{what} ({command[0]}).");
            output.Flush();
            await sources!.RunAsync(cancellation, command);
        }
    }
}
