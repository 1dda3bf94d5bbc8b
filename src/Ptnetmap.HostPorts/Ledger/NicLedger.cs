namespace Ptnetmap.HostPorts.Ledger;

/// <summary>What a process has changed in NICs that stays when it is killed, written to a file: the next process that
/// is given the file undoes it. One change a line, see <see cref="NicChange.Parse"/>.</summary>
/// <param name="path">The file; there is one only while there are changes.</param>
public sealed class NicLedger(string path)
{
    private const string New = ".new";

    private readonly Lock _lock = new();
    private readonly List<NicChange> _changes = [];
    private readonly List<string> _left = [];
    private readonly List<string> _refusals = [];

    /// <summary>What <see cref="Recover"/> could not undo, and why: the next process tries again.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    /// <summary>Undoes what a process that was killed has left, where it still is as that process left it. To be called
    /// before anything is changed. What is refused now, and may not be another time, stays in the file.</summary>
    /// <returns>How many changes were undone.</returns>
    public int Recover()
    {
        File.Delete(path + New);
        if (!File.Exists(path))
        {
            return 0;
        }

        int undone = File.ReadAllLines(path).Count(TryUndo);
        lock (_lock)
        {
            Save();
        }

        return undone;
    }

    private bool TryUndo(string line)
    {
        if (NicChange.Parse(line) is not { } change)
        {
            return false;
        }

        bool undone = change.TryUndo(out string? refusal);
        if (refusal is not null)
        {
            _left.Add(line);
            _refusals.Add(
                $"{change.Interface}{(change.Namespace is { } space ? $" in namespace {space}" : "")}: {refusal}");
        }

        return undone;
    }

    /// <summary>Notes a change.</summary>
    internal void Add(NicChange change)
    {
        lock (_lock)
        {
            _changes.Add(change);
            Save();
        }
    }

    /// <summary>What a change was made in is called something else.</summary>
    internal void Replace(NicChange change, NicChange now)
    {
        lock (_lock)
        {
            int place = _changes.IndexOf(change);
            if (place >= 0)
            {
                _changes[place] = now;
                Save();
            }
        }
    }

    /// <summary>Forgets a change that has been undone.</summary>
    internal void Remove(NicChange change)
    {
        lock (_lock)
        {
            _ = _changes.Remove(change);
            Save();
        }
    }

    // With the directory somebody has removed the notes; what they are for is done and undone all the same.
    private void Save()
    {
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            return;
        }

        if (_changes.Count == 0 && _left.Count == 0)
        {
            File.Delete(path);
            return;
        }

        // Whole or not at all, whenever the process is killed. The oldest last: they say what was before all of them.
        File.WriteAllLines(path + New, _changes.Select(change => change.ToString()).Concat(_left));
        File.Move(path + New, path, overwrite: true);
    }
}
