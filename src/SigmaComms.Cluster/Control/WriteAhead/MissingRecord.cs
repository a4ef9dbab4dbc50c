namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>A record that is damaged, or that may be, as far as its group's header is gone.</summary>
/// <param name="Number">Its place in the log.</param>
/// <param name="Type">What its type byte says; a hint, may itself be damaged; null if unknown.</param>
internal readonly record struct MissingRecord(ulong Number, byte? Type);
