using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>Signals an eventfd that another process shares, without a <c>write</c>: that process can clear
/// <c>O_NONBLOCK</c> and fill the counter at any time, and a write would then wait for its pleasure. The kernel's own
/// signals never wait: an asynchronous request that is complete at once (a poll of something that is always readable)
/// and names the eventfd as the one to be told of its completion (<c>IOCB_FLAG_RESFD</c>, <c>io_submit(2)</c>). One
/// context for the process; any thread may use it. Safe because every structure lives on the caller's stack for the
/// length of the call.</summary>
internal static unsafe class AioSignal
{
    private const int SetupCall = 206;
    private const int GetEventsCall = 208;
    private const int SubmitCall = 209;
    private const int Requests = 64;
    private const int Taken = 16;
    private const int Tries = 64;
    private const ulong PollIn = 1;

    private static readonly EventFd Always = MakeAlways();
    private static readonly ulong Context = Setup();

    /// <summary>False where the kernel has no asynchronous I/O, or a sandbox forbids it.</summary>
    internal static bool IsAvailable => Context != 0;

    /// <summary>Adds one to the counter behind <paramref name="descriptor"/>, an eventfd.</summary>
    /// <returns>False when that cannot be done in this way.</returns>
    internal static bool TrySignal(int descriptor)
    {
        if (!IsAvailable)
        {
            return false;
        }

        var request = new AioRequest
        {
            Operation = AioRequest.Poll,
            Descriptor = (uint)Always.Descriptor.Number,
            Buffer = PollIn,
            Flags = AioRequest.TellEventFd,
            EventFd = (uint)descriptor,
        };
        AioRequest* pointer = &request;
        for (int i = 0; i < Tries; i++)
        {
            if (Libc.Syscall(SubmitCall, Context, 1, (nuint)(&pointer), 0, 0) == 1)
            {
                return true;
            }

            if (Marshal.GetLastPInvokeError() != Libc.EAgain)
            {
                return false;
            }

            TakeCompletions();
        }

        return false;
    }

    // They say nothing, but fill the context.
    private static void TakeCompletions()
    {
        AioCompletion* completions = stackalloc AioCompletion[Taken];
        TimeSpec now = default;
        _ = Libc.Syscall(GetEventsCall, Context, 0, Taken, (nuint)completions, (nuint)(&now));
    }

    private static ulong Setup()
    {
        ulong context = 0;
        return Libc.Syscall(SetupCall, Requests, (nuint)(&context), 0, 0, 0) == 0 ? context : 0;
    }

    private static EventFd MakeAlways()
    {
        var always = new EventFd();
        always.Signal();
        return always;
    }
}
