namespace Ptnetmap.Memory;

/// <summary>The kernel's setting of transparent hugepages for shared memory.</summary>
public static class TransparentHugePages
{
    /// <summary>Where the setting is.</summary>
    public const string SettingPath = "/sys/kernel/mm/transparent_hugepage/shmem_enabled";

    /// <summary>True when advised shared memory gets them (<c>always</c>, <c>within_size</c>, <c>advise</c>,
    /// <c>force</c>).</summary>
    public static bool AllowedForSharedMemory()
    {
        try
        {
            string setting = File.ReadAllText(SettingPath);
            return !setting.Contains("[never]", StringComparison.Ordinal)
                && !setting.Contains("[deny]", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
