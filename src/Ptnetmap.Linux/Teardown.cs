namespace Ptnetmap.Linux;

/// <summary>Takes things down in steps, each of which is done whatever the others say; what failed is kept, and thrown
/// at the end as one <see cref="TeardownException"/>. For one thread.</summary>
public sealed class Teardown
{
    private readonly List<TeardownFailure> _failures = [];

    /// <summary>What has failed so far, in order. A step that was a teardown itself counts with each of its
    /// own.</summary>
    public IReadOnlyList<TeardownFailure> Failures => _failures;

    /// <summary>Does a step.</summary>
    /// <param name="what">What it takes down, for the message: <c>port vale0:a</c>.</param>
    /// <param name="step">The step.</param>
    /// <returns>This.</returns>
    public Teardown Step(string what, Action step)
    {
        try
        {
            step();
        }
#pragma warning disable CA1031 // Whatever it is, what is left has to be taken down; Finish throws it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Note(what, failure);
        }

        return this;
    }

    /// <summary>Does the same step for each of several.</summary>
    /// <param name="all">Those.</param>
    /// <param name="name">What each is, for the message.</param>
    /// <param name="step">The step.</param>
    /// <returns>This.</returns>
    public Teardown StepEach<T>(IEnumerable<T> all, Func<T, string> name, Action<T> step)
    {
        foreach (T one in all)
        {
            _ = Step(name(one), () => step(one));
        }

        return this;
    }

    /// <summary>Does a step that takes its time.</summary>
    public async ValueTask StepAsync(string what, Func<ValueTask> step)
    {
        try
        {
            await step();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Note(what, failure);
        }
    }

    /// <summary>Says what failed.</summary>
    /// <exception cref="TeardownException">A step did.</exception>
    public void Finish()
    {
        if (_failures.Count > 0)
        {
            throw new TeardownException(_failures);
        }
    }

    private void Note(string what, Exception failure)
    {
        if (failure is TeardownException inner)
        {
            _failures.AddRange(inner.Failures);
        }
        else
        {
            _failures.Add(new TeardownFailure(what, failure));
        }
    }
}
