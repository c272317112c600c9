import { declareVariants } from './variants';

declareVariants(0, 4);
