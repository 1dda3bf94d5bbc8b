namespace Ptnetmap.Abi;

/// <summary>Which end of a pipe a name stands for.</summary>
public enum PipeEnd
{
    /// <summary>It is no pipe.</summary>
    None,

    /// <summary><c>NAME{ID</c>, netmap's master end.</summary>
    Master,

    /// <summary><c>NAME}ID</c>, netmap's slave end.</summary>
    Slave,
}
