namespace SigmaComms.Node.Benches;

/// <summary>One operation to measure.</summary>
/// <param name="Algorithm">Its standard's name.</param>
/// <param name="Name">What is done.</param>
/// <param name="Bytes">Bytes that one operation works on, where throughput is what counts; else 0.</param>
/// <param name="Prepare">Makes keys and buffers and returns what is measured.</param>
internal sealed record CryptoOperation(string Algorithm, string Name, int Bytes, Func<Action> Prepare);
