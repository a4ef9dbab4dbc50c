namespace SigmaComms.Cluster.Control.WriteAhead;

/// <summary>One record; what it says is the business of whoever wrote it.</summary>
/// <param name="Number">Its place in the log, from 1, without gaps.</param>
/// <param name="Type">What it is, in the writer's numbering.</param>
/// <param name="Payload">Its bytes; may be empty.</param>
internal readonly record struct LogRecord(ulong Number, byte Type, ReadOnlyMemory<byte> Payload);
