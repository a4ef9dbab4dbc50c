namespace SigmaComms.Fuse.Files;

/// <summary>Flags of setxattr(2), as Linux numbers them.</summary>
[Flags]
public enum XattrOptions
{
    /// <summary>Makes it or replaces its value.</summary>
    None = 0,

    /// <summary>Fails if it is there.</summary>
    Create = 1,

    /// <summary>Fails if it is not there.</summary>
    Replace = 2,
}
