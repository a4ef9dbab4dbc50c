namespace SigmaComms.Client;

/// <summary>A child of the client's root has read what it keeps.</summary>
/// <param name="Child">Which.</param>
internal sealed record ChildReady(string Child);
