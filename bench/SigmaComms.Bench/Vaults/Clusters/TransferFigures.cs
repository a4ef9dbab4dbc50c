namespace SigmaComms.Bench.Vaults.Clusters;

/// <summary>A file that went to and fro; rates are in 10^6 bytes.</summary>
/// <param name="PutMegabytesPerSecond">By the command's own clock: from the opened vault to the ordered commit.</param>
/// <param name="GetMegabytesPerSecond">By the command's own clock, to the end of the file's writing.</param>
/// <param name="PutWholeSeconds">From the start of the command to its end.</param>
/// <param name="GetWholeSeconds">The same of the way back.</param>
/// <param name="ClientPutPeakMebibytes">The command's largest resident memory.</param>
/// <param name="ClientGetPeakMebibytes">The same of the way back.</param>
internal sealed record TransferFigures(
    double PutMegabytesPerSecond,
    double GetMegabytesPerSecond,
    double PutWholeSeconds,
    double GetWholeSeconds,
    double ClientPutPeakMebibytes,
    double ClientGetPeakMebibytes);
