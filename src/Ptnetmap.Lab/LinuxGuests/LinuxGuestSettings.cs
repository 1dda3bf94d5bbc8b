namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>What Linux guests are made of, as far as somebody names it.</summary>
/// <param name="Qemu">The QEMU; null: the first with vfio-user that is found.</param>
/// <param name="Kernel">The kernel's file; null: the one of <c>eng/fetch-kernel</c>.</param>
/// <param name="Initrd">The initramfs's file; null: made now, in the sources.</param>
/// <param name="Accelerator">What runs them.</param>
public sealed record LinuxGuestSettings(string? Qemu, string? Kernel, string? Initrd, Accelerator Accelerator);
