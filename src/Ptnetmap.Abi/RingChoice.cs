namespace Ptnetmap.Abi;

/// <summary>Which of a port's rings a name stands for (<c>nr_mode</c>).</summary>
public enum RingChoice
{
    /// <summary>No suffix: all rings of the port.</summary>
    All,

    /// <summary><c>-N</c>: one ring pair.</summary>
    One,

    /// <summary><c>^</c>: the host rings of an interface.</summary>
    Host,

    /// <summary><c>*</c>: all rings of an interface and its host rings.</summary>
    AllAndHost,
}
