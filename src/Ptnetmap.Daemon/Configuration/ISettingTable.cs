namespace Ptnetmap.Daemon.Configuration;

/// <summary>The settings of an object, of whatever type.</summary>
internal interface ISettingTable
{
    /// <summary>What the object's settings are called in the API's description.</summary>
    public string Name { get; }

    /// <summary>The settings.</summary>
    public IEnumerable<Setting> All { get; }
}
