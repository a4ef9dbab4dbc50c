using SigmaComms.Cryptography;

namespace SigmaComms.Persistence.Fragments;

/// <summary>A volume that the index knows.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Id">What its file says it is.</param>
/// <param name="IsFilled">Whether all of it has been filled with random bytes once.</param>
/// <param name="ScanAt">
/// Where in its file the search for slots that the index lacks goes on; null: the index has all of them.
/// </param>
public sealed record IndexedVolume(int Number, Digest Id, bool IsFilled, long? ScanAt = null);
