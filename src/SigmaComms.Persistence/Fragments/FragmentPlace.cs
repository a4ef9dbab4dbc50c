namespace SigmaComms.Persistence.Fragments;

/// <summary>Where a slot is.</summary>
/// <param name="Volume">Number of the volume, from 1.</param>
/// <param name="Offset">Where the slot begins in it, in bytes.</param>
/// <param name="SizeBytes">Bytes of the whole slot.</param>
public readonly record struct FragmentPlace(int Volume, long Offset, int SizeBytes);
