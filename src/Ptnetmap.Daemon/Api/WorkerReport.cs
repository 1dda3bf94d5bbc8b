namespace Ptnetmap.Daemon.Api;

/// <summary>A worker thread.</summary>
/// <param name="Index">Its number.</param>
/// <param name="Rings">Rings that it serves.</param>
/// <param name="WakeUps">How often it was woken.</param>
/// <param name="CpuNanoseconds">CPU time that it has used.</param>
public sealed record WorkerReport(int Index, int Rings, long WakeUps, long CpuNanoseconds);
