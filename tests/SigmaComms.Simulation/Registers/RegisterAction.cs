namespace SigmaComms.Simulation.Registers;

/// <summary>What is done to a register.</summary>
internal enum RegisterAction : byte
{
    Read = 1,
    Write = 2,

    /// <summary>Adds; the reply is the sum, so that an addition that happens twice is seen.</summary>
    Add = 3,

    /// <summary>Writes if the register has the expected value.</summary>
    CompareAndSet = 4,
}
