namespace Ptnetmap.Linux;

/// <summary>Waits for one of a few descriptors (<c>ppoll(2)</c>), with a timeout in nanoseconds.</summary>
public static class Poll
{
    /// <summary>The most descriptors that one call waits for.</summary>
    public const int MaxDescriptors = 64;

    private const short In = 1;

    /// <summary>Waits until one of <paramref name="descriptors"/> is readable.</summary>
    /// <returns>The position of the first readable one, -1 when the time ran out or a signal came.</returns>
    public static unsafe int WaitAny(ReadOnlySpan<int> descriptors, TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors);
        PollDescriptor* list = stackalloc PollDescriptor[MaxDescriptors];
        for (int i = 0; i < descriptors.Length; i++)
        {
            list[i] = new PollDescriptor { Descriptor = descriptors[i], Events = In };
        }

        TimeSpec limit = TimeSpec.FromNanoseconds(Math.Max(0, timeout.Ticks) * 100);
        TimeSpec* limitOrNone = timeout == Timeout.InfiniteTimeSpan ? null : &limit;
        int ready = Libc.Ppoll(list, (nuint)descriptors.Length, limitOrNone, null);
        for (int i = 0; ready > 0 && i < descriptors.Length; i++)
        {
            if (list[i].Returned != 0)
            {
                return i;
            }
        }

        return -1;
    }
}
