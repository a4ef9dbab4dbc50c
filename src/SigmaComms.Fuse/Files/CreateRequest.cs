namespace SigmaComms.Fuse.Files;

/// <summary>What is to be made.</summary>
/// <param name="Mode">Type and permissions; the mask has been applied to it by the kernel.</param>
/// <param name="Mask">The process's mask.</param>
public readonly record struct CreateRequest(uint Mode, uint Mask)
{
    /// <summary>Device number, if a device is made.</summary>
    public uint Device { get; init; }
}
