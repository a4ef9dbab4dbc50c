using SigmaComms.Vault.Scatter;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Bounds of one transfer among several.</summary>
internal static class Bounds
{
    /// <summary>The same bounds with another window.</summary>
    public static ScatterOptions With(ScatterOptions given, long windowBytes) => new()
    {
        WindowBytes = windowBytes,
        PutLimit = given.PutLimit,
        GetLimit = given.GetLimit,
        HedgeMin = given.HedgeMin,
        HedgeMax = given.HedgeMax,
        SparesMin = given.SparesMin,
    };
}
