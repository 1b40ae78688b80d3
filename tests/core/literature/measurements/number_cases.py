"""Sentences as abstracts have them, and the numbers in them that are the paper's own results.

Written for the tests, in other words than any paper's. Redshifts, masses and significances are
left out of the comparison.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CASES", "UNITS", "Case"]


@dataclass(frozen=True)
class Case:
    """A text with its paper's own values, and those of others that stand in it, in words."""

    text: str
    own: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


UNITS = (
    "km/s/Mpc", "km s-1 Mpc-1", "km s−1 Mpc−1", "km s⁻¹ Mpc⁻¹", "km/(s Mpc)", "km/s /Mpc",
    "km/(s·Mpc)", "(km/s)/Mpc", "km sec^-1 Mpc^-1", "km/sec/Mpc", "kms-1Mpc-1", "kms$^{-1}$/Mpc",
    r"km s$^{-1}$ Mpc$^{-1}$", r"km~s$^{-1}$~Mpc$^{-1}$", r"${\rm km\,s^{-1}\,Mpc^{-1}}$",
    r"$\mathrm{~km} \mathrm{~s}^{-1} \mathrm{Mpc}^{-1}$", r"$\kms\,\Mpc^{-1}$", r"$\kmsMpc$",
    r"$\rm km\cdot s^{-1}\cdot Mpc^{-1}$", r"$\km\,\s^{-1}\,\Mpc^{-1}$", r"\kms Mpc$^{-1}$",
    "kilometres per second per megaparsec", "kilometers per second per Megaparsec",
    "km per second per Mpc", "km/s per Mpc", "kilometers/second/megaparsec", "[km/s/Mpc]",
    r"$\text{km}/(\text{s}\,\text{Mpc})$", r"$\mathrm{km\ s^{-1}}$ Mpc$^{-1}$", "km.s-1.Mpc-1",
    r"$\frac{\rm km}{\rm s\,Mpc}$", r"$\mathrm{km/s/Mpc}$", r"km\,s$^{-1}$Mpc$^{-1}$",
)  # fmt: skip
"""Spellings of the unit of the Hubble constant."""

K = " km/s/Mpc"

CASES: tuple[Case, ...] = (
    # another paper's value beside this one's
    Case(r"From 900 square degrees of shear we find $S_8 = 0.761 \pm 0.021$, lower than the Planck "
         r"value of $S_8 = 0.834 \pm 0.016$.", ("S8 = 0.761 ± 0.021",), ("S8 = 0.834 ± 0.016",)),
    Case(r"Our clusters give $S_8=0.80\pm0.03$, compared with $S_8=0.759\pm0.024$ from cosmic "
         r"shear.", ("S8 = 0.80 ± 0.03",), ("S8 = 0.759 ± 0.024",)),
    Case(r"We obtain $\sigma_8 = 0.79 \pm 0.02$; this is in mild tension with the CMB result "
         r"($\sigma_8=0.811\pm0.006$).", ("sigma_8 = 0.79 ± 0.02",), ("sigma_8 = 0.811 ± 0.006",)),
    Case(r"The SH0ES team reported $H_0 = 73.04 \pm 1.04$ km/s/Mpc. Here we re-analyse their "
         r"Cepheids and find $H_0 = 72.5 \pm 1.6$ km/s/Mpc.",
         (f"H0 = 72.5 ± 1.6{K}",), (f"H0 = 73.04 ± 1.04{K}",)),
    Case(r"Planck 2018 prefers $H_0=67.4\pm0.5$ km/s/Mpc while the distance ladder gives "
         r"$H_0=73.0\pm1.0$ km/s/Mpc. In this paper we study whether early dark energy can help.",
         (), (f"H0 = 67.4 ± 0.5{K}", f"H0 = 73 ± 1{K}")),
    Case(r"We measure $H_0 = 69.8 \pm 1.9$ km/s/Mpc, midway between $67.4\pm0.5$ and "
         r"$73.04\pm1.04$ km/s/Mpc found by Planck and SH0ES.", (f"H0 = 69.8 ± 1.9{K}",)),
    Case(r"This amplitude, $S_8 = 0.77\pm0.02$, agrees with $S_8 = 0.776\pm0.017$ from DES Y3 and "
         r"with $S_8=0.759^{+0.024}_{-0.021}$ of KiDS-1000.", ("S8 = 0.77 ± 0.02",),
         ("S8 = 0.776 ± 0.017", "S8 = 0.759 +0.024 −0.021")),
    Case(r"Smith et al. (2021) found $\Omega_m = 0.25 \pm 0.02$; with better calibration we find "
         r"$\Omega_m=0.31\pm0.02$.", ("Omega_m = 0.31 ± 0.02",), ("Omega_m = 0.25 ± 0.02",)),
    Case(r"We find $\Omega_m = 0.33\pm0.03$, higher than the $\Omega_m=0.295\pm0.015$ reported by "
         r"DESI.", ("Omega_m = 0.33 ± 0.03",), ("Omega_m = 0.295 ± 0.015",)),
    Case(r"Using a Gaussian prior of $\omega_b = 0.0222\pm0.0005$ from nucleosynthesis we infer "
         r"$H_0=68.5\pm0.9$ km/s/Mpc.", (f"H0 = 68.5 ± 0.9{K}",)),
    Case(r"Combining with the SH0ES measurement of $H_0=73.04\pm1.04$ km/s/Mpc, we obtain "
         r"$N_{\rm eff}=3.40\pm0.15$.", ("N_eff = 3.40 ± 0.15",), (f"H0 = 73.04 ± 1.04{K}",)),
    Case(r"Mocks with input $\sigma_8 = 0.80$ return $\sigma_8 = 0.801 \pm 0.004$; the data give "
         r"$\sigma_8=0.74\pm0.03$.", ("sigma_8 = 0.74 ± 0.03",)),
    Case(r"A Stage-IV survey will reach $w_0=-1.00\pm0.02$ and $w_a=0.0\pm0.1$.", ()),
    Case(r"We forecast constraints of Euclid. We find that $S_8 = 0.815\pm0.002$ for Euclid "
         r"alone.", ()),
    Case(r"The literature value, $H_0 = 71.9\pm 2.7$ km/s/Mpc, moves to $H_0=74.2\pm2.9$ km/s/Mpc "
         r"in our analysis.", (f"H0 = 74.2 ± 2.9{K}",), (f"H0 = 71.9 ± 2.7{K}",)),
    Case(r"Our value of $n_s = 0.974\pm0.003$ is offset from the Planck constraint "
         r"$n_s=0.965\pm0.004$.", ("n_s = 0.974 ± 0.003",), ("n_s = 0.965 ± 0.004",)),
    Case(r"Unlike the earlier result $w=-1.3\pm0.1$, we obtain $w=-1.02\pm0.05$.",
         ("w = −1.02 ± 0.05",), ("w = −1.3 ± 0.1",)),
    Case(r"We find $S_8=0.77\pm0.02$, in $2.4\sigma$ tension with Planck, and "
         r"$\Omega_m=0.30\pm0.01$.", ("S8 = 0.77 ± 0.02", "Omega_m = 0.30 ± 0.01")),
    Case(r"We find $H_0=74.0\pm1.5$ km/s/Mpc (SH0ES: $73.04\pm1.04$ km/s/Mpc).",
         (f"H0 = 74.0 ± 1.5{K}",)),
    Case(r"Relative to $\Lambda$CDM with $\Omega_m = 0.315\pm0.007$, we see fewer haloes.", (),
         ("Omega_m = 0.315 ± 0.007",)),
    Case(r"We measure $f\sigma_8=0.45\pm0.05$ rather than the $f\sigma_8=0.47\pm0.01$ that general "
         r"relativity predicts.", ("f_sigma_8 = 0.45 ± 0.05",), ("f_sigma_8 = 0.47 ± 0.01",)),
    Case(r"The optical depth $\tau=0.058\pm0.006$ obtained by Planck is our only CMB input; we "
         r"find "
         r"$\Sigma m_\nu<0.11$ eV (95\% CL).", ("sum_mnu < 0.11 eV",), ("tau = 0.058 ± 0.006",)),
    # all values of the paper
    Case(r"We find $H_0 = 72.9\pm1.1$ (Cepheids), $69.9\pm1.7$ (TRGB) and $71.5\pm2.0$ (JAGB) "
         r"km s$^{-1}$ Mpc$^{-1}$.",
         (f"H0 = 72.9 ± 1.1{K}", f"H0 = 69.9 ± 1.7{K}", f"H0 = 71.5 ± 2.0{K}")),
    Case(r"The Hubble constant is $H_0=70.3\pm1.2$ km/s/Mpc from masers, $68.8\pm1.6$ km/s/Mpc "
         r"from "
         r"lenses, and $69.7\pm0.9$ km/s/Mpc from both.",
         (f"H0 = 70.3 ± 1.2{K}", f"H0 = 68.8 ± 1.6{K}", f"H0 = 69.7 ± 0.9{K}")),
    Case(r"Shear, clustering and both give $S_8=0.75\pm0.03$, $0.78\pm0.03$, and $0.77\pm0.02$, "
         r"respectively.", ("S8 = 0.75 ± 0.03", "S8 = 0.78 ± 0.03", "S8 = 0.77 ± 0.02")),
    Case(r"We get $\Omega_m=0.32^{+0.03}_{-0.02}$ from the bispectrum and $0.30\pm0.02$ from the "
         r"power spectrum.", ("Omega_m = 0.32 +0.03 −0.02", "Omega_m = 0.30 ± 0.02")),
    Case(r"We find $H_0=68.2\pm0.6$ km/s/Mpc in flat $\Lambda$CDM. Allowing curvature changes this "
         r"to $H_0=67.5\pm1.1$ km/s/Mpc.", (f"H0 = 68.2 ± 0.6{K}", f"H0 = 67.5 ± 1.1{K}")),
    Case(r"Cepheids imply a Hubble constant of 73.1 ± 1.2 km s-1 Mpc-1, and the tip of the red "
         r"giant branch 70.0 ± 1.8 km s-1 Mpc-1.", (f"H0 = 73.1 ± 1.2{K}", f"H0 = 70.0 ± 1.8{K}")),
    Case(r"Two anchors give the Hubble constant. NGC 4258 yields $72.1\pm2.0$ km/s/Mpc.",
         (f"H0 = 72.1 ± 2.0{K}",)),
    Case(r"$w_0=-0.90\pm0.06$ and $w_a=-0.4\pm0.3$ with one sample, or $w_0=-0.76\pm0.07$ and "
         r"$w_a=-0.8\pm0.3$ with the other.", ("w0 = −0.90 ± 0.06", "wa = −0.4 ± 0.3",
                                               "w0 = −0.76 ± 0.07", "wa = −0.8 ± 0.3")),
    Case(r"$\Omega_m$, $\sigma_8$ and $S_8$ are constrained to $0.29\pm0.02$, $0.80\pm0.04$ and "
         r"$0.785\pm0.020$, respectively.", ("Omega_m = 0.29 ± 0.02", "sigma_8 = 0.80 ± 0.04",
                                             "S8 = 0.785 ± 0.020")),
    Case(r"The result is $S_8=0.79\pm0.02$ with a slope of $0.55\pm0.03$ and a bias of "
         r"$0.9\pm0.1$.", ("S8 = 0.79 ± 0.02",)),
    Case(r"$\sigma_8=0.78\pm0.03$ at $z=0.6\pm0.1$ and a galaxy bias $b=1.2\pm0.1$.",
         ("sigma_8 = 0.78 ± 0.03", "bias = 1.2 ± 0.1")),
    # errors, in every notation
    Case(r"$H_0=71.0\pm0.8(\pm1.1\%\,{\rm stat})\pm1.7(\pm2.4\%\,{\rm sys})$ km/s/Mpc.",
         (f"H0 = 71.0 ± 1.9{K}",)),
    Case(r"$H_0=69.6\pm0.6\,(0.9\%\ {\rm stat})\pm0.8\,(1.1\%\ {\rm sys})$ km/s/Mpc.",
         (f"H0 = 69.6 ± 1.0{K}",)),
    Case(r"$H_0 = 70.0 \pm 1.2 \,\text{(stat.)} \pm 0.5\,\text{(sys.)}$ km/s/Mpc.",
         (f"H0 = 70.0 ± 1.3{K}",)),
    Case(r"$H_0 = 70.0 \pm 1.2_{\rm stat} \pm 0.5_{\rm sys}$ km/s/Mpc.", (f"H0 = 70.0 ± 1.3{K}",)),
    Case(r"H0 = 70.0 +/- 1.2 (random) +/- 0.5 (systematic) km/s/Mpc.", (f"H0 = 70.0 ± 1.3{K}",)),
    Case(r"H0 = 70.0 ± 1.2 statistical ± 0.5 systematic km/s/Mpc.", (f"H0 = 70.0 ± 1.3{K}",)),
    Case(r"$H_0 = 70.0\pm1.2$ (stat) and $\pm0.5$ (sys) km/s/Mpc.", (f"H0 = 70.0 ± 1.3{K}",)),
    Case(r"$S_8=0.772^{+0.018}_{-0.017}\,({\rm stat})^{+0.010}_{-0.012}\,({\rm sys})$.",
         ("S8 = 0.772 ± 0.021",)),
    Case(r"$\Omega_m=0.315(7)$.", ("Omega_m = 0.315 ± 0.007",)),
    Case(r"$\Omega_m=0.315(7)(4)$.", ("Omega_m = 0.3150 ± 0.0081",)),
    Case(r"$S_8=0.80+0.02/-0.03$.", ("S8 = 0.80 +0.02 −0.03",)),
    Case(r"S8 = 0.80 (+0.02, -0.03).", ("S8 = 0.80 +0.02 −0.03",)),
    Case(r"S8 = 0.80 +0.02 -0.03.", ("S8 = 0.80 +0.02 −0.03",)),
    Case(r"S₈ = 0.80 ± 0.02 and Ωₘ = 0.30 ± 0.01.", ("S8 = 0.80 ± 0.02", "Omega_m = 0.30 ± 0.01")),
    Case(r"We measure H₀ = 70.0 ± 1.4 km s⁻¹ Mpc⁻¹.", (f"H0 = 70.0 ± 1.4{K}",)),
    Case(r"We measure $H_0=70.0$ km/s/Mpc with an uncertainty of 2\%.", (f"H0 = 70.0 ± 1.4{K}",)),
    Case(r"A 2 per cent measurement, $H_0=70.0$ km/s/Mpc, is found.", (f"H0 = 70.0 ± 1.4{K}",)),
    Case(r"We find $H_0=70.0\pm1.4$ (2.0\% precision) km/s/Mpc.", (f"H0 = 70.0 ± 1.4{K}",)),
    Case(r"$H_0=70.0\pm2\%$ km/s/Mpc.", (f"H0 = 70.0 ± 1.4{K}",)),
    Case(r"$h=0.674\pm0.005$.", (f"H0 = 67.4 ± 0.5{K}",)),
    Case(r"$\ln(10^{10}A_{\rm s})=3.05\pm0.02$ and $10^9 A_s=2.10\pm0.03$.",
         ("ln10^10As = 3.05 ± 0.02", "10^9As = 2.10 ± 0.03")),
    Case(r"$S_8\equiv\sigma_8\,(\Omega_{\rm m}/0.3)^{0.5}=0.766^{+0.020}_{-0.014}$.",
         ("S8 = 0.766 +0.020 −0.014",)),
    Case(r"$H_0 = 70.0 \pm 1.2 \pm 0.5 \pm 0.3$ km/s/Mpc (statistical, systematic, lens model).",
         (f"H0 = 70.0 ± 1.3{K}",)),
    # limits and ranges
    Case(r"$\sum m_\nu < 0.09$ eV at 95\% confidence.", ("sum_mnu < 0.09 eV",)),
    Case(r"We set an upper limit on the tensor-to-scalar ratio of $r<0.032$ (95\% CL).",
         ("r < 0.032",)),
    Case(r"$0.65<S_8<0.83$ at 95\% CL.", ("S8 = 0.65 to 0.83",)),
    Case(r"We find $w > -1.2$ at $2\sigma$.", ("w > −1.2",)),
    Case(r"$-0.005<\Omega_k<0.004$ (95\% CL).", ("Omega_k = −0.005 to 0.004",)),
    Case(r"The sum of neutrino masses is below 0.12 eV at 95\% "
         r"confidence.", ("sum_mnu < 0.12 eV",)),
    Case(r"We find $H_0$ between 68.1 and 71.3 km/s/Mpc.", (f"H0 = 68.1 to 71.3{K}",)),
    Case(r"We find $\Omega_k=-0.012\pm0.010$ and $w_0=-0.83\pm0.06$.",
         ("Omega_k = −0.012 ± 0.010", "w0 = −0.83 ± 0.06")),
    # written later, to see whether the rules hold
    Case(r"Our joint fit returns $S_8=0.803\pm0.014$, in agreement with Planck "
         r"($0.834\pm0.016$) at $1.5\sigma$.",
         ("S8 = 0.803 ± 0.014",)),
    Case(r"We determine $H_0=75.1\pm2.3$ km s$^{-1}$ Mpc$^{-1}$; Planck instead reports "
         r"$67.36\pm0.54$ km s$^{-1}$ Mpc$^{-1}$.",
         (f"H0 = 75.1 ± 2.3{K}",)),
    Case(r"Galaxy clusters from eROSITA yield $\sigma_8=0.88\pm0.02$ and "
         r"$\Omega_m=0.29^{+0.01}_{-0.02}$.",
         ("sigma_8 = 0.88 ± 0.02", "Omega_m = 0.29 +0.01 −0.02")),
    Case(r"In contrast to the value of $w_0=-0.7\pm0.1$ favoured by DESI, our supernovae "
         r"give $w_0=-0.95\pm0.07$.",
         ("w0 = −0.95 ± 0.07",)),
    Case(r"Masers alone: $H_0=73.9\pm3.0$ km/s/Mpc. Masers with sirens: $H_0=72.1\pm2.4$ "
         r"km/s/Mpc.",
         (f"H0 = 73.9 ± 3.0{K}", f"H0 = 72.1 ± 2.4{K}")),
    Case(r"We place an upper bound of $\sum m_\nu<0.072$ eV (95\%), tighter than the $\sum "
         r"m_\nu<0.12$ eV from Planck.",
         ("sum_mnu < 0.072 eV",)),
    Case(r"A tension exists between the early Universe ($H_0=67.4\pm0.5$ km/s/Mpc) and the "
         r"local one ($H_0=73.0\pm1.0$ km/s/Mpc). We propose a decaying scalar, and find "
         r"$H_0=70.6\pm1.2$ km/s/Mpc.",
         (f"H0 = 70.6 ± 1.2{K}",)),
    Case(r"We obtain $n_s=0.967\pm0.004$ and $\tau=0.057\pm0.007$ for the optical depth to "
         r"reionization.",
         ("n_s = 0.967 ± 0.004", "tau = 0.057 ± 0.007")),
    Case(r"The local measurement yields $H_0=71.8\pm1.9\,{\rm(stat)}\pm1.1\,{\rm(syst)}$ "
         r"km/s/Mpc, i.e. a 3.1 per cent determination.",
         (f"H0 = 71.8 ± 2.2{K}",)),
    Case(r"Assuming a fiducial $\sigma_8=0.81\pm0.01$, the lensing bias is $0.02\pm0.01$."),
    Case(r"Our constraint $\Omega_k=0.001\pm0.002$ improves on the previous "
         r"$\Omega_k=0.0007\pm0.0037$ by a factor of two.",
         ("Omega_k = 0.001 ± 0.002",)),
    Case(r"KiDS-1000 and DES Y3 find $S_8=0.759\pm0.024$ and $S_8=0.776\pm0.017$, while we "
         r"find $S_8=0.79\pm0.02$.",
         ("S8 = 0.79 ± 0.02",)),
    Case(r"Future data from CMB-S4 will measure $N_{\rm eff}=3.04\pm0.03$."),
    Case(r"The catalogue gives $f\sigma_8(z=0.07)=0.41\pm0.05$ and "
         r"$f\sigma_8(z=0.5)=0.46\pm0.04$.",
         ("f_sigma_8 = 0.41 ± 0.05", "f_sigma_8 = 0.46 ± 0.04")),
    Case(r"We measure $S_8 = 0.783^{+0.021}_{-0.019}$ for cosmic shear, $S_8 = "
         r"0.777\pm0.018$ for 3x2pt, and $S_8=0.790\pm0.016$ when BAO are added.",
         ("S8 = 0.783 +0.021 −0.019", "S8 = 0.777 ± 0.018", "S8 = 0.790 ± 0.016")),
    Case(r"From simulations with $\Omega_m=0.31\pm0.01$ we recover the input."),
    Case(r"This is $2.1\sigma$ below the Planck expectation, $S_8=0.832\pm0.013$."),
    Case(r"$H_0 = 68.5 \pm 1.5$ km/s/Mpc (68\% CL) and $w=-1.03\pm0.08$ (68\% CL).",
         (f"H0 = 68.5 ± 1.5{K}", "w = −1.03 ± 0.08")),
    Case(r"Applying our calibration to the Pantheon+ sample we infer $H_0=72.6\pm2.0$ "
         r"km/s/Mpc, versus $73.6\pm1.1$ km/s/Mpc in the original analysis.",
         (f"H0 = 72.6 ± 2.0{K}",)),
    Case(r"Planck 2018 lensing with our likelihood yields $\sigma_8=0.80\pm0.02$.",
         ("sigma_8 = 0.80 ± 0.02",)),
    Case(r"Combining both, we get $100\,h=70.2$ and $H_0=70.2_{-1.8}^{+1.7}$ "
         r"km\,s$^{-1}$\,Mpc$^{-1}$.",
         (f"H0 = 70.2 +1.7 −1.8{K}",)),
    Case(r"The Hubble constant inferred from each of three lenses is 71.2(2.5), 68.9(3.0), "
         r"and 74.0(2.8) km/s/Mpc.",
         (f"H0 = 71.2 ± 2.5{K}", f"H0 = 68.9 ± 3.0{K}", f"H0 = 74.0 ± 2.8{K}")),
    Case(r"We report $r=0.014^{+0.010}_{-0.011}$ for tensor modes, while BICEP previously "
         r"found $r<0.036$.",
         ("r = 0.014 +0.010 −0.011",)),
    Case(r"Our $H_0=69.9\pm1.3$ km/s/Mpc agrees with both the CMB ($67.4\pm0.5$ km/s/Mpc) "
         r"and the tip of the red giant branch ($69.8\pm1.7$ km/s/Mpc).",
         (f"H0 = 69.9 ± 1.3{K}",)),
    Case(r"We find a Hubble constant of $70.2^{+2.9}_{-3.1}$ km s−1 Mpc−1, or $h = "
         r"0.702\pm0.030$.",
         (f"H0 = 70.2 +2.9 −3.1{K}", f"H0 = 70.2 ± 3.0{K}")),
    Case(r"If the SH0ES value $H_0=73.0\pm1.0$ km/s/Mpc is right, then $\Omega_m "
         r"h^2=0.143\pm0.001$ requires new physics."),
)
