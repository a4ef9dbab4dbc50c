namespace SigmaComms.Node.Benches;

/// <summary>One workload to measure.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Divisor">By what the number of operations is divided, for what takes long.</param>
/// <param name="Run">Does so many operations with actors.</param>
/// <param name="Peer">Does the same with System.Threading.Channels, or null where that has nothing like it.</param>
internal sealed record ActorWorkload(string Name, int Divisor, Func<int, Task> Run, Func<int, Task>? Peer);
