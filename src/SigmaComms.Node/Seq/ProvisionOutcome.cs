namespace SigmaComms.Node.Seq;

/// <summary>What became of one template.</summary>
internal enum ProvisionOutcome
{
    /// <summary>It was not there and is now.</summary>
    Created,

    /// <summary>It was there and is now as the template says.</summary>
    Updated,

    /// <summary>It was there as the template says.</summary>
    Left,

    /// <summary>The server did not take it.</summary>
    Failed,

    /// <summary>What it refers to failed.</summary>
    Skipped,
}
