namespace SigmaComms.Cluster.Tests.Control.Disks;

/// <summary>The process is dead: nobody catches this but the test that cut the power.</summary>
internal sealed class PowerCutException() : Exception("The power failed.");
