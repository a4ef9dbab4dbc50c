using SigmaComms.Simulation.Worlds;

namespace SigmaComms.Simulation.Misbehaviours;

/// <summary>
/// Nothing of itself but that there are two of it: the same key on two disks, each honest as far as it knows.
/// </summary>
/// <standard>S. Bano et al., Twins: BFT Systems Made Robust, arXiv 2004.10617.</standard>
internal sealed class Twin(SimRandom random) : Misbehaviour(random);
