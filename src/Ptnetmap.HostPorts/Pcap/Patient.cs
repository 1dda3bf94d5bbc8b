using System.Runtime.ExceptionServices;
using Ptnetmap.Linux;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>Work on files that may never end, because their file system has stopped to answer: it is done on a thread
/// of its own, and waited for a while.</summary>
internal static class Patient
{
    /// <summary>Runs <paramref name="work"/>.</summary>
    /// <param name="work">What to do; a result that comes too late is disposed of.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="late">What to throw then.</param>
    internal static T Run<T>(Func<T> work, TimeSpan patience, Func<Exception> late)
        where T : class, IDisposable
    {
        var job = new Job<T>(work);
        Thread thread = LinuxThread.Start(new Thread(job.Run) { Name = "ptnet-files", IsBackground = true });
        return thread.Join(patience) || !job.TryGiveUp() ? job.Result() : throw late();
    }

    /// <summary>One piece of work, which ends or is given up, whichever comes first.</summary>
    private sealed class Job<T>(Func<T> work)
        where T : class, IDisposable
    {
        private readonly Lock _lock = new();
        private T? _result;
        private ExceptionDispatchInfo? _failure;
        private bool _ended;
        private bool _givenUp;

        internal void Run()
        {
            T? result = null;
            ExceptionDispatchInfo? failure = null;
            try
            {
                result = work();
            }
#pragma warning disable CA1031 // Whatever it is, it is thrown where the work was asked for.
            catch (Exception thrown)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }

            lock (_lock)
            {
                (_result, _failure, _ended) = (result, failure, true);
                if (!_givenUp)
                {
                    return;
                }
            }

            result?.Dispose();
        }

        /// <summary>False when it has ended just now.</summary>
        internal bool TryGiveUp()
        {
            lock (_lock)
            {
                _givenUp = !_ended;
                return _givenUp;
            }
        }

        internal T Result()
        {
            _failure?.Throw();
            return _result!;
        }
    }
}
