namespace SigmaComms.Fuse.Protocol;

/// <summary>What INIT led to.</summary>
/// <param name="Major">The kernel's major version.</param>
/// <param name="Minor">The kernel's minor version.</param>
/// <param name="Flags">What both understand and the options ask for.</param>
public readonly record struct Agreement(uint Major, uint Minor, InitFlags Flags);
