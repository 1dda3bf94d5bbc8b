namespace Ptnetmap.Nic.Ledger;

/// <summary>What a process has changed in NICs that stays when it is killed, written to a file: the next process that is
/// given the file undoes it. One change a line, see <see cref="NicChange.Parse"/>.</summary>
/// <param name="path">The file; there is one only while there are changes.</param>
public sealed class NicLedger(string path)
{
    private const string New = ".new";

    private readonly Lock _lock = new();
    private readonly List<NicChange> _changes = [];

    /// <summary>Undoes what a process that was killed has left, where it still is as that process left it. To be called before
    /// anything is changed.</summary>
    /// <returns>How many changes were undone.</returns>
    public int Recover()
    {
        File.Delete(path + New);
        if (!File.Exists(path))
        {
            return 0;
        }

        int undone = File.ReadAllLines(path).Count(line => NicChange.Parse(line)?.TryUndo() is true);
        File.Delete(path);
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

        if (_changes.Count == 0)
        {
            File.Delete(path);
            return;
        }

        // Whole or not at all, whenever the process is killed.
        File.WriteAllLines(path + New, _changes.Select(change => change.ToString()));
        File.Move(path + New, path, overwrite: true);
    }
}
